-- In:  members (side, clip_id) of a split; fitted (fit, clip_id): the clips that something was fitted on before, by what it is.
-- Out: example: how many clips of another side than train it has seen.
-- Why: a mean, a codebook or a pretrained model that was fitted on test clips knows them.
SELECT fitted.fit || ' has seen ' || count(*) || ' clips of ' || members.side || ', such as ' || min(members.clip_id) AS example
FROM fitted JOIN members ON members.clip_id = fitted.clip_id
WHERE members.side <> 'train'
GROUP BY fitted.fit, members.side
ORDER BY example
