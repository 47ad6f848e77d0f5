-- In:  clips; bucket().
-- Out: side, clip_id: of every stratum the stated share of clips, groups kept together.
-- Why: groups of a stratum in order of their buckets go to the side that the middle of their clips falls into: no side is off by more than one group. A group that is added may move others.
WITH sized AS (
  SELECT $by AS stratum, $group_key AS group_key, count(*) AS size
  FROM clips
  WHERE dataset = $dataset
  GROUP BY stratum, group_key
), placed AS (
  SELECT stratum, group_key,
    2 * sum(size) OVER (PARTITION BY stratum ORDER BY bucket($salt, group_key), group_key) - size AS twice_middle,
    2 * sum(size) OVER (PARTITION BY stratum) AS twice_all
  FROM sized
)
SELECT CASE WHEN twice_middle * $total < twice_all * $train THEN 'train' WHEN twice_middle * $total < twice_all * ($train + $validation) THEN 'validation' ELSE 'test' END AS side, clips.id AS clip_id
FROM placed JOIN clips ON placed.stratum IS NOT DISTINCT FROM $by AND placed.group_key IS NOT DISTINCT FROM $group_key
WHERE clips.dataset = $dataset
ORDER BY side, clip_id
