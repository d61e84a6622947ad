"""What every process shares: settings, clock, errors, logs. Knows nothing about the scheme."""
