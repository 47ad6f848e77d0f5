-- In:  a, b, c: joints; joint_columns.
-- Out: clip_id, frame, person, angle, dataset: degrees from 0 to 180 between the limbs b-a and b-c; null where a joint is absent or a limb has no length.
-- Why: atan2(|u x v|, u . v) loses no digits near 0 and 180 degrees, as acos does (Kahan, How futile are mindless assessments of roundoff, 2006, section 12).
CREATE MACRO angle(a, b, c) AS TABLE
SELECT clip_id, frame, person,
  CASE WHEN ux * ux + uy * uy + uz * uz > 0 AND vx * vx + vy * vy + vz * vz > 0
    THEN degrees(atan2(sqrt(pow(uy * vz - uz * vy, 2) + pow(uz * vx - ux * vz, 2) + pow(ux * vy - uy * vx, 2)), ux * vx + uy * vy + uz * vz)) END AS angle,
  dataset
FROM (
  SELECT clip_id, frame, person, dataset,
    x_a::DOUBLE - x_b AS ux, y_a::DOUBLE - y_b AS uy, coalesce(z_a::DOUBLE - z_b, 0) AS uz,
    x_c::DOUBLE - x_b AS vx, y_c::DOUBLE - y_b AS vy, coalesce(z_c::DOUBLE - z_b, 0) AS vz
  FROM joint_columns(a, b, c)
)
