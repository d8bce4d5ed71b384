"""Feature: privacy."""
