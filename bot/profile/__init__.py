"""Feature: profile."""
