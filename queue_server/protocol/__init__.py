"""The contract between the server and the parts at the door: kiosk, printer and display.

Imports the standard library and one HTTP client, nothing of the server.
"""
