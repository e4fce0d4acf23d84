"""What the words of a text say: questions, titles, demands, labels."""
