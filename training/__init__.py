"""Measurement and training: data packages in, evaluated rankings and model artefacts out."""
