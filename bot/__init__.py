"""What Rasa loads: understanding of Japanese text, our input channel and the compact tracker store (Python 3.10)."""
