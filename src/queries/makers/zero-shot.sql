-- In:  clips.
-- Out: side, clip_id: the classes that are held out to test on, all others to train on; clips without a class are on no side.
-- Why: whether what was learned holds for classes that were never seen. Clips that are added never move others.
SELECT CASE WHEN list_contains($classes, $column) THEN 'test' ELSE 'train' END AS side, id AS clip_id
FROM clips
WHERE dataset = $dataset AND $column IS NOT NULL
ORDER BY side, clip_id
