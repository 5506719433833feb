"""Ways to leave a published claim without support, for whoever may write rows but owns no table.

In each: {lone} is a published claim with one supporting citation {key}; {rich} one with two, of
which {first} is one; {bare} a draft that nobody cites; {aside} a draft with a citation that is
context alone, {context}; {source} a source. None may succeed.
"""

COLUMNS = (
    "key, source_id, position, stance, excerpt, excerpt_language, is_translated, reported_as, "
    "attributed_to, heard, reported_when, is_stale"
)
CITED_AGAIN = (
    f"INSERT INTO timeline_citation (id, claim_id, {COLUMNS}) "
    f"SELECT id, claim_id, {COLUMNS.replace('stance', chr(39) + 'context' + chr(39))} "
    "FROM timeline_citation WHERE id = {key}"
)
CITED_ANEW = CITED_AGAIN.replace("SELECT id, claim_id, key", "SELECT 9999, {bare}, 'new'")
CITED_ANEW = CITED_ANEW.replace("'context'", "'supports'")
PUBLISH = "UPDATE timeline_claim SET state = 'published' WHERE id = {bare}"
TAKE = "DELETE FROM timeline_citation WHERE id = {key}"

# Plain ones, which both engines are asked; on PostgreSQL at each isolation level.
PLAIN = {
    "publish a bare draft": [PUBLISH],
    "publish what is only in context": [
        "UPDATE timeline_claim SET state = 'published' WHERE id = {aside}"
    ],
    "publish all": ["UPDATE timeline_claim SET state = 'published'"],
    "take the last support": [TAKE],
    "take all support": ["DELETE FROM timeline_citation WHERE claim_id IN ({lone}, {rich})"],
    "turn the last support": ["UPDATE timeline_citation SET stance = 'context' WHERE id = {key}"],
    "make it a part": ["UPDATE timeline_citation SET stance = 'part'"],
    "move the last support": ["UPDATE timeline_citation SET claim_id = {rich} WHERE id = {key}"],
    "move all support": ["UPDATE timeline_citation SET claim_id = {bare}"],
    "renumber the claim": ["UPDATE timeline_claim SET id = 9999 WHERE id = {lone}"],
    "renumber and publish": [
        "UPDATE timeline_claim SET id = 9999, state = 'published' WHERE id = {bare}"
    ],
    "renumber a citation onto another claim": [
        "UPDATE timeline_citation SET id = 9999, claim_id = {rich} WHERE id = {key}"
    ],
    "renumber and turn": [
        "UPDATE timeline_citation SET id = 9999, stance = 'context' WHERE id = {key}"
    ],
    "swap the claims of two citations": [
        "UPDATE timeline_citation SET claim_id = {aside} WHERE id = {key}",
        "UPDATE timeline_citation SET claim_id = {lone} WHERE id = {context}",
    ],
    "withdraw, empty, publish": [
        "UPDATE timeline_claim SET state = 'draft' WHERE id = {lone}",
        TAKE,
        "UPDATE timeline_claim SET state = 'published' WHERE id = {lone}",
    ],
    "within a savepoint": ["SAVEPOINT a", TAKE, "RELEASE SAVEPOINT a"],
    "within a savepoint that is kept after another": [
        "SAVEPOINT a",
        "DELETE FROM timeline_citation WHERE id = {first}",
        "ROLLBACK TO SAVEPOINT a",
        TAKE,
    ],
    "write support for a bare draft": [
        "INSERT INTO timeline_support (claim_id, citation_id, stance) "
        "VALUES ({bare}, {key}, 'supports')",
        PUBLISH,
    ],
    "write support by what is context": [
        "INSERT INTO timeline_support (claim_id, citation_id, stance) "
        "VALUES ({aside}, {context}, 'supports')",
        "UPDATE timeline_claim SET state = 'published' WHERE id = {aside}",
    ],
    "write support of another stance": [
        "INSERT INTO timeline_support (claim_id, citation_id, stance) "
        "VALUES ({aside}, {context}, 'context')",
        "UPDATE timeline_claim SET state = 'published' WHERE id = {aside}",
    ],
    "move support to a bare draft": [
        "UPDATE timeline_support SET claim_id = {bare} WHERE claim_id = {lone}",
        PUBLISH,
    ],
    "point support elsewhere": [
        "UPDATE timeline_support SET citation_id = {first} WHERE claim_id = {lone}",
        TAKE,
    ],
    "point support at what is not there": [
        "UPDATE timeline_support SET citation_id = 9999 WHERE claim_id = {lone}",
        TAKE,
    ],
    "empty support": ["DELETE FROM timeline_support", TAKE],
    "change support's stance": [
        "UPDATE timeline_support SET stance = 'context'",
        "UPDATE timeline_citation SET stance = 'context' WHERE id = {key}",
    ],
    "take what two claims rest on, one after the other": [
        TAKE,
        "DELETE FROM timeline_citation WHERE claim_id = {rich}",
    ],
    "a state that looks like it": [
        "UPDATE timeline_claim SET state = 'published ' WHERE id = {bare}"
    ],
}

SQLITE = {
    "renumber by rowid": ["UPDATE timeline_claim SET rowid = 9999 WHERE rowid = {lone}"],
    "renumber by oid and publish": [
        "UPDATE timeline_claim SET oid = 9999, state = 'published' WHERE oid = {bare}"
    ],
    "turn by _rowid_": [
        "UPDATE timeline_citation SET _rowid_ = 9999, stance = 'context' WHERE _rowid_ = {key}"
    ],
    "renumber support by rowid": [
        "UPDATE timeline_support SET rowid = {bare} WHERE rowid = {lone}",
        PUBLISH,
    ],
    "replace a citation by context": ["REPLACE" + CITED_AGAIN.removeprefix("INSERT")],
    "insert or replace a citation": ["INSERT OR REPLACE" + CITED_AGAIN.removeprefix("INSERT")],
    "update or replace onto the last support": [
        "UPDATE OR REPLACE timeline_citation SET id = {key} WHERE id = {context}"
    ],
    "update or replace onto a published claim": [
        "UPDATE OR REPLACE timeline_claim SET id = {lone} WHERE id = {bare}",
        "UPDATE timeline_claim SET state = 'published' WHERE id = {lone}",
        TAKE,
    ],
    "replace support": [
        "REPLACE INTO timeline_support (claim_id, citation_id) VALUES ({lone}, {first})",
        TAKE,
    ],
    "replace, with recursive triggers": [
        "PRAGMA recursive_triggers = ON",
        "REPLACE" + CITED_AGAIN.removeprefix("INSERT"),
    ],
    "upsert a citation": [
        CITED_AGAIN + " AND true ON CONFLICT (id) DO UPDATE SET stance = 'context'"
    ],
    "publish or fail": ["UPDATE OR FAIL timeline_claim SET state = 'published'"],
    "publish or ignore": ["UPDATE OR IGNORE timeline_claim SET state = 'published'"],
    "publish or roll back": ["UPDATE OR ROLLBACK timeline_claim SET state = 'published'"],
    "turn or fail": ["UPDATE OR FAIL timeline_citation SET stance = 'context'"],
    "turn or ignore": ["UPDATE OR IGNORE timeline_citation SET stance = 'context'"],
    "empty what must have support": ["DELETE FROM timeline_needs_support", TAKE],
    "take one claim out of what must have support": [
        "DELETE FROM timeline_needs_support WHERE claim_id = {lone}",
        TAKE,
    ],
    "put another in its place": [
        "UPDATE timeline_needs_support SET claim_id = {aside} WHERE claim_id = {lone}",
        TAKE,
    ],
    "replace in its place": [
        "UPDATE OR REPLACE timeline_needs_support SET claim_id = {rich} WHERE claim_id = {lone}",
        TAKE,
    ],
    "a temporary table of citations": [
        "CREATE TEMP TABLE timeline_citation AS SELECT * FROM main.timeline_citation",
        "DELETE FROM main.timeline_citation WHERE id = {key}",
    ],
    "a temporary table of support": [
        "CREATE TEMP TABLE timeline_support AS SELECT * FROM main.timeline_support",
        TAKE,
        PUBLISH,
    ],
    "a temporary table of what must have support": [
        "CREATE TEMP TABLE timeline_needs_support (claim_id integer PRIMARY KEY)",
        PUBLISH,
    ],
    "a temporary view of claims": [
        "CREATE TEMP VIEW timeline_claim AS SELECT * FROM main.timeline_claim WHERE false",
        "DELETE FROM main.timeline_citation WHERE id = {key}",
    ],
    "a temporary trigger": [
        "CREATE TEMP TRIGGER t AFTER INSERT ON main.timeline_citation BEGIN "
        "DELETE FROM timeline_citation WHERE id = {key}; END",
        CITED_ANEW,
    ],
    "keys off, take": ["PRAGMA foreign_keys = OFF", TAKE],
    "keys off, publish": ["PRAGMA foreign_keys = OFF", PUBLISH],
    "keys off, turn": [
        "PRAGMA foreign_keys = OFF",
        "UPDATE timeline_citation SET stance = 'context' WHERE id = {key}",
    ],
    "keys off, replace": [
        "PRAGMA foreign_keys = OFF",
        "REPLACE" + CITED_AGAIN.removeprefix("INSERT"),
    ],
    "keys off, empty what must have support, then on": [
        "PRAGMA foreign_keys = OFF",
        "DELETE FROM timeline_needs_support",
        "PRAGMA foreign_keys = ON",
        TAKE,
    ],
    "keys off, write support": [
        "PRAGMA foreign_keys = OFF",
        "INSERT INTO timeline_support (claim_id, citation_id) VALUES ({bare}, 9999)",
        "PRAGMA foreign_keys = ON",
        PUBLISH,
    ],
    "keys put off": ["BEGIN", "PRAGMA defer_foreign_keys = ON", TAKE, "COMMIT"],
    "keys off within a transaction": ["BEGIN", "PRAGMA foreign_keys = OFF", TAKE, "COMMIT"],
    "checks off": [
        "PRAGMA ignore_check_constraints = ON",
        "INSERT INTO timeline_support (claim_id, citation_id, stance) "
        "VALUES ({aside}, {context}, 'context')",
        "UPDATE timeline_claim SET state = 'published' WHERE id = {aside}",
    ],
    "a trigger of citations dropped": ["DROP TRIGGER guard_citation_delete", TAKE],
    "all of them dropped": [
        *(f"DROP TRIGGER guard_citation_{deed}" for deed in ("insert", "update", "delete")),
        "UPDATE timeline_citation SET stance = 'context' WHERE id = {key}",
    ],
}

LEVELS = ("READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE")
POSTGRESQL = {
    "upsert a citation": [CITED_AGAIN + " ON CONFLICT (id) DO UPDATE SET stance = 'context'"],
    "merge citations": [
        "MERGE INTO timeline_citation c USING (SELECT {key} AS id) s ON c.id = s.id "
        "WHEN MATCHED THEN DELETE"
    ],
    "merge claims": [
        "MERGE INTO timeline_claim c USING (SELECT {bare} AS id) s ON c.id = s.id "
        "WHEN MATCHED THEN UPDATE SET state = 'published'"
    ],
    "by ctid": [
        "UPDATE timeline_citation SET stance = 'context' WHERE ctid = "
        "(SELECT ctid FROM timeline_citation WHERE id = {key})"
    ],
    "by a writing query": [
        "WITH gone AS (DELETE FROM timeline_citation WHERE id = {key} RETURNING id) "
        "SELECT count(*) FROM gone"
    ],
    "by an explanation": ["EXPLAIN ANALYZE DELETE FROM timeline_citation WHERE id = {key}"],
    "by a cursor": [
        "DECLARE c CURSOR FOR SELECT * FROM timeline_citation WHERE id = {key} FOR UPDATE",
        "FETCH c",
        "DELETE FROM timeline_citation WHERE CURRENT OF c",
    ],
    "by a prepared statement": [
        "PREPARE p AS DELETE FROM timeline_citation WHERE id = {key}",
        "EXECUTE p",
    ],
    "by a block that swallows errors": [
        "DO $$ BEGIN DELETE FROM timeline_citation WHERE id = {key}; "
        "EXCEPTION WHEN OTHERS THEN NULL; END $$"
    ],
    "keys at once, then put off": [
        "SET CONSTRAINTS ALL IMMEDIATE",
        "SET CONSTRAINTS ALL DEFERRED",
        TAKE,
    ],
    "keys put off": ["SET CONSTRAINTS ALL DEFERRED", PUBLISH],
    "as a replica": ["SET session_replication_role = replica", TAKE],
    "triggers off": ["ALTER TABLE timeline_citation DISABLE TRIGGER ALL", TAKE],
    "the key dropped": [
        "ALTER TABLE timeline_claim DROP CONSTRAINT published_claim_has_support",
        PUBLISH,
    ],
    "a trigger dropped": ["DROP TRIGGER guard_citation_delete ON timeline_citation", TAKE],
    "the citations emptied": ["TRUNCATE timeline_citation"],
    "all emptied but the claims": ["TRUNCATE timeline_citation, timeline_support"],
    "the generated id written": [
        "UPDATE timeline_claim SET published_id = NULL WHERE id = {lone}",
        TAKE,
    ],
    "a temporary table of support": [
        "CREATE TEMP TABLE timeline_support (claim_id bigint, citation_id bigint, stance text)",
        "SET search_path = pg_temp, public",
        TAKE,
    ],
    "a temporary table of citations": [
        "CREATE TEMP TABLE timeline_citation AS SELECT * FROM public.timeline_citation",
        "SET search_path = pg_temp, public",
        "DELETE FROM public.timeline_citation WHERE id = {key}",
    ],
    "a function of the same name": [
        "CREATE FUNCTION pg_temp.timeline_keep_support() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RETURN NULL; END $$",
        "SET search_path = pg_temp, public",
        "DELETE FROM public.timeline_citation WHERE id = {key}",
    ],
    "an operator of one's own": [
        "CREATE FUNCTION pg_temp.never(text, text) RETURNS boolean LANGUAGE sql "
        "AS $$ SELECT false $$",
        "CREATE OPERATOR pg_temp.= (leftarg = text, rightarg = text, function = pg_temp.never)",
        "SET search_path = pg_temp, public, pg_catalog",
        "DELETE FROM public.timeline_citation WHERE id = {key}",
    ],
    "a path without the record": [
        "SET search_path = pg_catalog",
        "DELETE FROM public.timeline_citation WHERE id = {key}",
    ],
}
