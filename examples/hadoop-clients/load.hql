load data inpath '/incoming/${day}' into table orders partition (day = '${day}');
