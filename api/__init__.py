"""FastAPI: the only public door, and the only one that touches the product's database."""
