-- In:  splits; clips.
-- Out: dataset, split, action, train, validation, test, test_share: how the clips of each action are divided by every split that is kept.
-- Why: an action that one side lacks is not measured.
SELECT clips.dataset, split, action, count(*) FILTER (side = 'train') AS train, count(*) FILTER (side = 'validation') AS validation, count(*) FILTER (side = 'test') AS test,
  round(avg((side = 'test')::INT), 3) AS test_share
FROM splits JOIN clips ON clips.id = splits.clip_id
GROUP BY clips.dataset, split, action
ORDER BY clips.dataset, split, action
