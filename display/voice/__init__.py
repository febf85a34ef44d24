"""What the screens say aloud: words as clips, each language a folder."""
