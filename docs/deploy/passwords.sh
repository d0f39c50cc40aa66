#!/bin/sh
# Gives the roles of config/bootstrap.sql their passwords, when the container's database is first made.
set -eu
psql -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname "$POSTGRES_DB" \
  -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" -v ops="$OPS_PASSWORD" <<'SQL'
ALTER ROLE puente_owner PASSWORD :'owner';
ALTER ROLE puente_app PASSWORD :'app';
ALTER ROLE puente_ops PASSWORD :'ops';
SQL
