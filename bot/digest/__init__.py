"""Feature: digest."""
