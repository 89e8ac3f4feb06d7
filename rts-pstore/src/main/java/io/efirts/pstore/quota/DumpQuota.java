// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.quota;

import io.efirts.api.CallResult;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.pstore.read.CrashDump;
import io.efirts.pstore.read.CrashEraser;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * How many bytes crash records may hold together. Dumps go as a whole, the oldest first.
 *
 * @param limitBytes how large the values of all records may be together, in bytes; names and
 *     firmware's own headers are not counted
 */
public record DumpQuota(long limitBytes) {
  /**
   * A quota.
   *
   * @throws IllegalArgumentException if negative
   */
  public DumpQuota {
    if (limitBytes < 0) {
      throw new IllegalArgumentException(
          "limitBytes must not be negative: limitBytes=" + limitBytes);
    }
  }

  /**
   * Chooses what has to go. Pure: calls nothing.
   *
   * @param dumps all there are, in any order
   * @return the fewest of the oldest without which the rest is within the quota, oldest first; also
   *     the newest one if it alone is larger
   */
  public List<CrashDump> excess(Collection<CrashDump> dumps) {
    long total = dumps.stream().mapToLong(CrashDump::storedBytes).sum();
    List<CrashDump> excess = new ArrayList<>();
    for (CrashDump dump : dumps.stream().sorted(CrashDump.OLDEST_FIRST).toList()) {
      if (total <= limitBytes) {
        break;
      }
      excess.add(dump);
      total -= dump.storedBytes();
    }
    return excess;
  }

  /**
   * Erases what has to go. Blocks like the services of the eraser. May be repeated after a failure,
   * with the dumps there were before or with those read again.
   *
   * @param dumps all there are, in any order
   * @param eraser what erases
   * @return what is gone, and the first failure
   */
  public Eviction evict(Collection<CrashDump> dumps, CrashEraser eraser) {
    List<CrashDump> evicted = new ArrayList<>();
    for (CrashDump dump : excess(dumps)) {
      CallResult result = eraser.erase(dump);
      if (!result.isSuccess()) {
        return new Eviction(evicted, result);
      }
      evicted.add(dump);
    }
    return new Eviction(evicted, CallResult.completed(EfiStatusCode.SUCCESS));
  }
}
