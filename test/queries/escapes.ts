/**
 * Statements that try to do more than read the store and the runs, and the code that each is refused with. STORE and RUNS are the two folders; OUTSIDE is a folder beside
 * them with secret.csv, secret.json and secret.parquet; STORE/link leads there, and STORE/link.csv to its secret.csv.
 */
export const escapes: readonly (readonly [code: string, sql: string])[] = [
  // writing
  ...[
    "copy clips to 'OUTSIDE/x.csv'", "copy clips to 'STORE/x.csv'", "copy (select 1) to 'STORE/penn-action/x.parquet' (format parquet)", "copy (select 1) to 'RUNS/x.json'", "copy clips to '/dev/stdout'",
    "copy (select 1) to 'STORE/parts' (format parquet, partition_by (a))", "copy clips from 'OUTSIDE/secret.csv'", "copy clips from 'STORE/x.csv'", "COPY\n/**/clips\tTO 'STORE/x.csv'", 'copy clips to stdout',
    "export database 'STORE/dump'", "export database 'OUTSIDE/dump' (format parquet)",
    'create table x (a int)', 'create table x as select 1', 'create temp table x as select 1', 'create or replace view clips as select 1', 'create view x as select 1', 'drop view clips', 'drop view if exists clips cascade',
    'alter view clips rename to x', 'insert into clips select * from clips', 'insert or replace into clips values (1)', 'delete from clips', 'update clips set id = 1', 'truncate clips', 'merge into clips using clips c on true when matched then delete',
    'create schema s', 'create sequence s', "create type t as enum ('a')", 'create index i on clips (id)', "comment on view clips is 'x'", 'with x as (select 1) insert into clips select * from x',
    'with recursive x as (select 1) delete from clips',
    // settings, extensions, other databases
    "attach 'OUTSIDE/x.db'", "attach 'STORE/x.db' as x", "attach ':memory:' as x", "attach 'https://example.org/x.db'", "attach 'dbname=x' as x (type postgres)", 'detach memory', 'use memory', 'use memory.main',
    'install httpfs', "install 'OUTSIDE/x.duckdb_extension'", "install httpfs from 'https://example.org'", 'force install json', 'load httpfs', "load 'OUTSIDE/x.duckdb_extension'", 'update extensions',
    'set enable_external_access = true', 'set lock_configuration = false', "set allowed_directories = ['/']", "set global temp_directory = 'OUTSIDE'", "set variable joints = ['x']", 'reset enable_external_access',
    "set session search_path = 'x'", "pragma enable_profiling", "pragma profiling_output = 'STORE/x.json'", "pragma memory_limit = '90GB'", 'pragma database_size', 'pragma show_tables',
    "create secret s (type s3, key_id 'x', secret 'y')", 'create temporary secret s (type http)', "create persistent secret s in local_file (type s3)", 'drop secret s',
    'create macro m() as 1', 'create or replace macro joint(name) as table select 1', 'create or replace temp macro sum(a) as 0', 'drop macro joint', 'drop macro table joint',
    // hiding one statement in another
    "explain analyze copy clips to 'STORE/x.csv'", "explain copy clips to 'STORE/x.csv'", "explain (analyze) copy clips to 'STORE/x.csv'", 'explain analyze delete from clips', 'explain analyze create table x as select 1',
    "explain (analyze /*) select 1 -- */) copy (select 1) to 'STORE/x.csv'", "explain (/*) select 1 --*/ analyze) copy clips to 'STORE/x.csv'", "explain analyze /* select 1 -- */ copy clips to 'STORE/x.csv'",
    "prepare p as copy clips to 'OUTSIDE/x.csv'", 'prepare p as select 1', 'execute p', 'execute p(1)', 'deallocate p', "call pragma_version()", 'call force_checkpoint()', "call enable_logging()",
    'begin', 'begin transaction', 'commit', 'rollback', 'checkpoint', 'force checkpoint', 'vacuum', 'vacuum analyze', 'analyze',
    "/* select 1 */ copy clips to 'STORE/x.csv'", "-- select 1\ncopy clips to 'STORE/x.csv'", "\ufeffcopy clips to 'STORE/x.csv'", "\u00a0copy clips to 'STORE/x.csv'", "\u3000drop view clips",
    // table functions that act, or that hide a statement in a text
    "select * from query('copy clips to ''OUTSIDE/x.csv''')", "select * from query('select * from enable_logging()')", "select * from query('select 1')", "select * from query_table('OUTSIDE/secret.csv')", "from query_table(['clips'])",
    "from json_execute_serialized_sql(json_serialize_sql('from enable_profiling()'))", "select json_serialize_plan('select * from enable_logging()')", "select * from enable_logging(storage = 'file', storage_path = 'STORE/log')",
    'explain analyze select * from enable_logging()', 'select * from clips, lateral (from force_checkpoint())', 'select (select count(*) from checkpoint())', 'select * from clips where id in (select 1 from "enable_logging"())',
    "from main.enable_logging()", 'from system.main.force_checkpoint()', 'from enable_profiling()', "from duckdb_logs()", 'from duckdb_secrets()', "from which_secret('s3://x', 's3')", "from duckdb_extensions()", 'from pragma_user_agent()',
    'from load_aws_credentials()', "from arrow_scan(1, 2, 3)", 'from pandas_scan(1)', 'from seq_scan(1)', "from sqlite_scan('OUTSIDE/x.db', 't')", "from postgres_scan('', '', '')", "from st_read('OUTSIDE/secret.csv')", "from read_xlsx('OUTSIDE/x.xlsx')",
    "from test_all_types()", "from duckdb_temporary_files()", "from duckdb_external_file_cache()", "with a as (select write_log('x')) from a", "select nextval('s')", 'select setseed(0.5)',
  ].map((sql) => ['E_SQL_READ_ONLY', sql] as const),
  // more than one statement, or none
  ...["select 1; copy clips to 'OUTSIDE/x.csv'", "copy clips to 'STORE/x.csv'; select 1", "select 1;;copy clips to 'STORE/x.csv'", "select 1; -- \ncopy clips to 'STORE/x.csv'", 'pivot clips on action; drop view clips', ';', '-- copy', '',
    "select 1\u037e copy clips to 'STORE/x.csv'", 'select getenv(\'HOME\')', "select * from clips where id = getenv('PATH')", "select 1 into x from clips", "select load_extension('x')", "select system('ls')", "select pg_read_file('/etc/passwd')",
    "sele\u200bct 1", ".read OUTSIDE/secret.csv", '.shell ls', '\\copy clips to x',
    "copy from database memory to other", "explain analyze (copy clips to 'STORE/x.csv')", "from clips insert into clips", "import database 'OUTSIDE'", "pragma database_list; select 1", "reset all", "select 1 into outfile 'STORE/x.csv'", "with x as (delete from clips returning *) select * from x",
    // reading elsewhere
    ...['/etc/passwd', 'OUTSIDE/secret.csv'].flatMap((file) => [
      `select * from '${file}'`, `from "${file}"`, `from read_csv('${file}')`, `from read_csv_auto('${file}')`, `from read_text('${file}')`, `from read_blob('${file}')`, `from read_json('${file}')`, `from read_json_auto('${file}')`,
      `from read_json_objects('${file}')`, `from read_ndjson('${file}')`, `from read_ndjson_objects('${file}')`, `from read_parquet('${file}')`, `from sniff_csv('${file}')`, `from parquet_metadata('${file}')`, `from parquet_schema('${file}')`,
      `from parquet_file_metadata('${file}')`, `from parquet_kv_metadata('${file}')`, `from parquet_bloom_probe('${file}', 'a', 1)`, `from glob('${file}')`, `describe select * from '${file}'`, `summarize '${file}'`,
      `select (select content from read_text('${file}'))`, `with a as materialized (from read_blob('${file}')) from a`, `from read_csv(['${file}', 'STORE/x.csv'])`, `from read_text('file:${file}')`, `from read_text('file://${file}')`,
      `from read_text('file://localhost${file}')`, `explain select * from read_csv('${file}')`, `explain analyze from read_text('${file}')`, `select * from clips, lateral (from read_text('${file}'))`,
      `select json_serialize_sql('x'), * from read_text('${file}')`, `from read_text(reverse('${[...file].reverse().join('')}'))`,
    ]),
    "from read_text('/etc/*')", "from read_text('/**/passwd')", "from glob('/*')", "from glob('OUTSIDE/*')", "from glob('STORE/../*')", "from read_text('STORE/../secret.csv')", "from read_text('STORE/penn-action/../../secret.csv')",
    "from read_text('STORE/./../secret.csv')", "from read_text('STORE//../secret.csv')", "from read_text('STORE-other/x')", "from read_text('STORE/*/../../secret.csv')", "from read_text('../secret.csv')",
    "from read_text('~/.bashrc')", "from read_text('$HOME/.bashrc')", "from read_text('/proc/self/environ')", "from read_text('/proc/self/cwd/package.json')", "from read_text('/dev/stdin')", "from read_csv('/dev/fd/0')", "from read_text('STORE\\..\\secret.csv')",
    "from read_parquet('STORE/**', union_by_name = true, filename = 'OUTSIDE/secret.csv')",
    // the network
    "select * from 'https://example.org/x.parquet'", "select * from 's3://x/y.parquet'", "from read_csv('http://127.0.0.1:1/x.csv')", "from read_text('https://example.org')", "from read_blob('gcs://x/y')", "from read_parquet('hf://datasets/x/y.parquet')",
    "from read_json('azure://x/y.json')", "from 'r2://x/y.csv'", "from glob('s3://x/*')", "from parquet_metadata('https://example.org/x.parquet')", "from sniff_csv('ftp://example.org/x.csv')",
    // links that lead out of the store
    "from read_text('STORE/link.csv')", "select * from 'STORE/link.csv'", "from read_csv('STORE/link/secret.csv')", "from read_parquet('STORE/link/*.parquet')", "from read_text('STORE/*/secret.csv')", "from read_text('STORE/link' || '.csv')",
    "from glob('STORE/link/*')", "from parquet_metadata('STORE/link/secret.parquet')", "from sniff_csv('STORE/link.csv')", "from read_text(['STORE/link.csv'])", "with a as (from read_json('STORE/link/secret.json')) from a",
  ].map((sql) => ['E_SQL', sql] as const),
]
