-- In:  splits, clips.
-- Out: side, clip_id: another split, of whose train side the first recordings of every action are kept.
-- Why: the papers learn from the labels of the first max(1, floor(share * V)) of an action's V training videos, in order. A recording that is added may move others.
WITH placed AS (
  SELECT splits.side, splits.clip_id,
    dense_rank() OVER (PARTITION BY splits.side, clips.action ORDER BY clips.group_id) AS place,
    count(DISTINCT clips.group_id) OVER (PARTITION BY splits.side, clips.action) AS recordings
  FROM splits JOIN clips ON clips.id = splits.clip_id
  WHERE splits.dataset = $dataset AND splits.split = $of
)
SELECT side, clip_id
FROM placed
WHERE side <> 'train' OR place <= greatest(1, floor($share * recordings))
ORDER BY side, clip_id
