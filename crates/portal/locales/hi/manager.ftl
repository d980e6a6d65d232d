### The words of this area; each key stands in both languages.
