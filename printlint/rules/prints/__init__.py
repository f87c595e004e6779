"""Prints and their kin: PRT101 to PRT106."""
