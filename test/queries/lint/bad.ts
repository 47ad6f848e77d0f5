import type { LintCode } from '../../../src/queries/lint/lint-finding.ts'

/**
 * Statements whose answer can change between runs; every mark `⟨code⟩` stands right before the place that the linter names, and is taken out before it reads them.
 */
export const bad: readonly string[] = [
  'select id from clips where ⟨chance⟩random() < 0.5 order by id',
  'select ⟨chance⟩uuid() as name, id from clips order by id',
  'select id from clips order by ⟨chance⟩random(), id',
  'select id from clips ⟨sample⟩tablesample 10% order by id',
  'select id from clips ⟨sample⟩using sample 5 order by 1',
  'select id from (from ⟨star⟩clips ⟨sample⟩using sample 5) as few join (select film from images ⟨sample⟩tablesample reservoir(9)) as films on true order by all',
  'select id from clips where ⟨clock⟩now() > $day order by id',
  'select id, ⟨clock⟩current_date as day from clips order by id',
  'select ⟨clock⟩age($day::timestamp), ⟨clock⟩current_timestamp',
  'select ⟨session⟩current_schema()',
  'select id from clips where ⟨session⟩current_setting(\'TimeZone\') = film order by id',
  "-- schön\nselect id\nfrom clips\nwhere ⟨engine-hash⟩hash(group_id) % 10 < 8\norder by id",
  'select ⟨engine-hash⟩approx_count_distinct(subject) from clips',
  'select action, ⟨approximate⟩approx_quantile(n_frames, 0.5) from clips group by action order by action',
  '⟨unordered⟩select id from clips ⟨limit-order⟩limit 5',
  '⟨unordered⟩from clips select id ⟨limit-order⟩offset 5',
  'select id from clips where id in (select clip_id from phases ⟨limit-order⟩limit 9) order by id',
  'with few as (select id from clips ⟨limit-order⟩limit $n) select id from few order by id',
  'select id from (select id from clips union all select clip_id from phases ⟨limit-order⟩limit 3) as mixed order by id',
  "select 'limit', id /* limit */ from clips where id in (select id from clips ⟨limit-order⟩limit 3 offset 2) order by id -- limit 1",
  'select id from clips order by ⟨ties⟩action limit 5',
  'select clip_id, frame, joint from joints order by ⟨ties⟩clip_id, frame limit 100',
  'select action, view, count(*) as n from clips group by action, view order by ⟨ties⟩n desc, view limit 1',
  'select group_id from clips qualify ⟨aggregate-order⟩row_number() over (partition by group_id) = 1 order by group_id',
  'select id, ⟨ties⟩row_number() over (partition by action order by n_frames) as place from clips order by id',
  'select id, ⟨aggregate-order⟩lag(n_frames) over () as before from clips order by id',
  'select id, ⟨aggregate-order⟩count(*) over (rows unbounded preceding) as place from clips order by id',
  'select id, ⟨ties⟩count(*) over (order by n_frames rows unbounded preceding) as place from clips order by id',
  'select id, ⟨ties⟩max(id) over (order by n_frames rows 2 preceding), ⟨aggregate-order⟩sum(n_frames) over (rows 2 preceding) from clips order by id',
  'select id, ⟨ties⟩sum(n_frames) over (order by n_frames rows between current row and 1 following) from clips order by id',
  'select id, ⟨ties⟩lag(n_frames) over (order by n_frames) from clips order by id',
  'select id, ⟨ties⟩min(id) over w from clips window w as (partition by action order by n_frames rows 2 preceding) order by id',
  'select id, ⟨aggregate-order⟩list(id order by id) over (rows 2 preceding), ⟨ties⟩list(id order by action) over (order by id) from clips order by id',
  'select id, ⟨aggregate-order⟩rank(order by id) over (rows 2 preceding) from clips order by id',
  'select action, ⟨ties⟩sum(count(*)) over (order by count(*) rows unbounded preceding) as so_far from clips group by action order by action',
  'select a.id, b.path from clips a ⟨positional-join⟩positional join files b order by a.id, b.path',
  'select action, ⟨aggregate-order⟩first(id) from clips group by action order by action',
  'select action, ⟨aggregate-order⟩any_value(id), ⟨aggregate-order⟩list(id) from clips group by action order by action',
  "select ⟨aggregate-order⟩string_agg(id, ', ') from clips",
  'select ⟨aggregate-order⟩arg_max(id, n_frames), ⟨ties⟩arg_max(id, n_frames order by n_frames) from clips',
  'select action, array⟨aggregate-order⟩(select id from clips), array⟨ties⟩(select id from clips order by action) from clips order by id',
  'select ⟨float-sum⟩sum(fps), ⟨float-sum⟩avg(fps), ⟨float-sum⟩stddev(n_frames), sum(n_frames), avg(n_frames) from clips',
  'select clip_id, ⟨float-sum⟩fsum(x) from joints group by clip_id order by clip_id',
  'select clip_id, ⟨ties⟩sum(x order by frame) s from joints group by clip_id order by clip_id',
  'select clip_id, ⟨ties⟩sum(x) over (partition by clip_id order by frame) from joints order by all',
  'select clip_id, person, ⟨ties⟩avg(x order by frame, joint) from joints group by rollup(clip_id, person) order by all',
  'select ⟨ties⟩corr(fps, n_frames order by fps), fsum(fps order by fps), sum(n_frames order by action) from clips',
  'with wrists as (select ⟨star⟩* from joints where x > 0) select clip_id, ⟨ties⟩sum(x order by frame) from wrists group by clip_id order by clip_id',
  'select id, other from (select id, unnest(ids) as other from clips) order by ⟨ties⟩id limit 1',
  'with joints as (select clip_id, frame, x from joints) select ⟨ties⟩list(x order by frame) from joints',
  'with far as (select clip_id, sqrt(x * x) as d from joints) select clip_id, ⟨float-sum⟩sum(2 * d) from far group by clip_id order by clip_id',
  'select clip_id, ⟨float-sum⟩avg(x) over (partition by clip_id) from joints order by all',
  "select ⟨float-sum⟩sum(speed) from speed('left_wrist')",
  'select ⟨float-sum⟩sum(n_frames / 2), ⟨float-sum⟩sum(n_frames * 1e-1), ⟨float-sum⟩sum(cast(n_frames as double)) from clips',
  'select ⟨float-sum⟩sum(v) from (select 1 as v union all select fps from clips)',
  'with speeds(v) as (select fps from clips) select ⟨float-sum⟩sum(v) from speeds',
  'select id, film from clips order by ⟨ties⟩film collate nocase limit 1',
  'select ⟨float-sum⟩sum(s.v) from (select coalesce(joints.x, 0) as v from keypoints join joints using (clip_id)) as s',
  '⟨unordered⟩select ⟨distinct-on-order⟩distinct on (action) action, id from clips',
  'select distinct on (action) action, id from clips order by ⟨ties⟩action',
  'select ⟨star⟩* from clips order by id',
  'select ⟨star⟩c.*, p.label from clips as c join phases as p on p.clip_id = c.id order by c.id, p.phase',
  'select id, ⟨star⟩columns(\'has_.*\') from clips order by id',
  "select a from read_csv(⟨glob⟩'labels/*.csv') as t order by a",
  "select a from ⟨glob⟩'labels/00??.parquet' order by a",
  "select file from ⟨glob⟩glob('labels/**') order by file",
  'select id,⟨syntax⟩, action from clips',
  '⟨syntax⟩delete from clips',
  '⟨syntax⟩select 1; select 2',
]

/** The statement, and its findings as `code line:column`. */
export function marked(text: string): { readonly sql: string; readonly expected: string[] } {
  const expected: string[] = []
  let sql = ''
  for (const part of text.split(/(⟨[a-z-]+⟩)/)) {
    const code = /^⟨(.*)⟩$/.exec(part)?.[1] as LintCode | undefined
    if (code === undefined) sql += part
    else expected.push(`${code} ${sql.split('\n').length}:${sql.length - sql.lastIndexOf('\n')}`)
  }
  return { sql, expected }
}
