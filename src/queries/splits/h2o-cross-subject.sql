-- In:  clips.
-- Out: side, clip_id: subjects 1 and 2 train, 3 validates, 4 is tested.
-- Why: H2O's own lists divide subject 3 between train and validation; here nobody is on two sides.
SELECT CASE subject WHEN 'subject4' THEN 'test' WHEN 'subject3' THEN 'validation' ELSE 'train' END AS side, id AS clip_id
FROM clips
WHERE dataset = $dataset AND subject IS NOT NULL
ORDER BY side, clip_id
