"""What all pages and the API share: who asks, forms, errors, headers, languages."""
