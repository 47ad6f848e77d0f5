-- In:  clips.
-- Out: side, clip_id: the side each clip's own data set puts it on.
-- Why: the split that was published with the data; clips without a side are on none.
SELECT official_split AS side, id AS clip_id
FROM clips
WHERE dataset = $dataset AND official_split IS NOT NULL
ORDER BY side, clip_id
