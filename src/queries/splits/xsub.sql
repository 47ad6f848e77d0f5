-- In:  sides: what names, or a file's lists, say of each sequence.
-- Out: side, clip_id: other people are tested than trained.
-- Why: NTU RGB+D's protocol by the performer.
SELECT side, clip_id
FROM sides
WHERE dataset = $dataset AND split = 'xsub'
ORDER BY side, clip_id
