"""Antrean's central server. This file imports nothing, so that a kiosk or a TV box can use
`queue_server.protocol` alone.
"""
