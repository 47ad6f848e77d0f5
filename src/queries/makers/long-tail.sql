-- In:  splits, clips; bucket(); how many recordings of each action are kept.
-- Out: side, clip_id: another split, on whose train side actions have fewer and fewer recordings; clips without an action are not trained on.
-- Why: actions are not equally common where models are used. Recordings are kept in order of their buckets; one that is added may move others.
WITH quotas AS (
  SELECT quota.action, quota.recordings
  FROM (SELECT unnest($quotas) AS quota)
), placed AS (
  SELECT splits.side, splits.clip_id, clips.action, dense_rank() OVER (PARTITION BY splits.side, clips.action ORDER BY bucket($salt, clips.group_id), clips.group_id) AS place
  FROM splits JOIN clips ON clips.id = splits.clip_id
  WHERE splits.dataset = $dataset AND splits.split = $of
)
SELECT placed.side, placed.clip_id
FROM placed LEFT JOIN quotas ON quotas.action = placed.action
WHERE placed.side <> 'train' OR placed.place <= quotas.recordings
ORDER BY placed.side, placed.clip_id
