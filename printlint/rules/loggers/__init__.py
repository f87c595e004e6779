"""Which logger is called: PRT201 to PRT203."""
