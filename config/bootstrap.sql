-- Roles, rights and extensions Puente needs, inside its database. Harmless when run again.
-- Run by a superuser: `psql -v ON_ERROR_STOP=1 -d puente -f config/bootstrap.sql`
-- (docs/operations.md says how to create the database and give the roles their passwords).

DO $$
DECLARE
  wanted record;
BEGIN
  FOR wanted IN
    SELECT * FROM (VALUES
      ('puente_owner', 'LOGIN NOBYPASSRLS'),   -- owns tables, runs migrations
      ('puente_app', 'LOGIN NOBYPASSRLS'),     -- every page, task and stream
      ('puente_ops', 'LOGIN BYPASSRLS'),       -- the few jobs that look across businesses
      ('puente_search', 'NOLOGIN BYPASSRLS')   -- owns the search functions
    ) AS roles (name, attributes)
  LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
      EXECUTE format('CREATE ROLE %I', wanted.name);
    END IF;
    EXECUTE format('ALTER ROLE %I NOSUPERUSER %s', wanted.name, wanted.attributes);
  END LOOP;
  EXECUTE format('ALTER DATABASE %I OWNER TO puente_owner', current_database());
END
$$;

-- The owner may hand functions over to puente_search, yet never reads past row-level security itself.
GRANT puente_search TO puente_owner WITH INHERIT FALSE, SET TRUE;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO puente_owner, puente_search;
GRANT USAGE ON SCHEMA public TO puente_app, puente_ops;

ALTER DEFAULT PRIVILEGES FOR ROLE puente_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO puente_app, puente_ops;
ALTER DEFAULT PRIVILEGES FOR ROLE puente_owner IN SCHEMA public
  GRANT USAGE, SELECT ON SEQUENCES TO puente_app, puente_ops;
ALTER DEFAULT PRIVILEGES FOR ROLE puente_owner IN SCHEMA public
  GRANT SELECT ON TABLES TO puente_search;

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gin;
