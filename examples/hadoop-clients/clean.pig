orders = LOAD '/orders/$day';
