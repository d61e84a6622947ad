"""The product's database: engine, models, migrations."""
