-- In:  sides: what names, or a file's lists, say of each sequence.
-- Out: side, clip_id: odd setups are tested, even ones train.
-- Why: NTU RGB+D's protocol by the setup.
SELECT side, clip_id
FROM sides
WHERE dataset = $dataset AND split = 'xset'
ORDER BY side, clip_id
