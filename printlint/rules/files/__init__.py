"""Files as a whole: PRT900."""
