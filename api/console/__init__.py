"""The staff's pages under /console: sign-in, inquiries, and what others put into `routes.ROUTERS` and `menu.py`."""
