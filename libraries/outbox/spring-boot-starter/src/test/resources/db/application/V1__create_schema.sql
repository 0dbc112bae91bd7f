CREATE TABLE purchase (article text NOT NULL);
