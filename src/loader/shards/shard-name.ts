/** The file of a shard of clips. */
export function shardName(shard: number): string {
  return `shard-${String(shard).padStart(5, '0')}.arrow`
}

/** The file of a shard of pictures. */
export function pictureShardName(shard: number): string {
  return `pictures-${String(shard).padStart(5, '0')}.arrow`
}
