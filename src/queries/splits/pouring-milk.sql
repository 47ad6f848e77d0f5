-- In:  clips.
-- Out: side, clip_id: of the 38 sequences in which CASA, LAV and VAOT pour milk, those that the store has.
-- Why: the list is LAV's encode.json. Subjects 5 to 10 were never released, so that a whole H2O has 10 of the 27 to train on and 7 of the 11 to test.
WITH list AS (
  SELECT 'train' AS side, unnest([
    'subject1/h1/1', 'subject1/h2/1', 'subject1/k1/1', 'subject1/k2/1', 'subject1/o1/1', 'subject1/o2/1',
    'subject2/h1/1', 'subject2/h2/1', 'subject2/k1/1', 'subject2/k2/1', 'subject5/s1/5', 'subject5/s2/4',
    'subject5/s3/4', 'subject5/s4/6', 'subject7/s1/6', 'subject7/s2/2', 'subject7/s3/2', 'subject7/s4/1',
    'subject8/s1/2', 'subject8/s2/7', 'subject9/s1/5', 'subject9/s2/1', 'subject9/s3/4', 'subject9/s4/6',
    'subject10/s1/5', 'subject10/s2/7', 'subject10/s4/4']) AS sequence
  UNION ALL
  SELECT 'test', unnest([
    'subject3/h1/1', 'subject3/h2/1', 'subject3/k1/1', 'subject3/k2/1', 'subject3/o1/1', 'subject3/o2/1',
    'subject4/k1/1', 'subject6/s1/7', 'subject6/s2/3', 'subject6/s3/2', 'subject6/s4/2'])
)
SELECT list.side, clips.id AS clip_id
FROM list JOIN clips ON clips.dataset = $dataset AND clips.group_id = $dataset || '/' || list.sequence
ORDER BY list.side, clip_id
