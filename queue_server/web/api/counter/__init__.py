"""What clerks ask and do at a counter."""
