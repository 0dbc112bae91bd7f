#!/bin/bash
# Makes one database and one user for each service: no service can read another's tables.
set -euo pipefail
for name in orders inventory payments shipping notifications analytics operations; do
  psql -v ON_ERROR_STOP=1 -v name="$name" -v password="$SERVICE_PASSWORD" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
