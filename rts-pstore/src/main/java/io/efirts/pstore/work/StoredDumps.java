// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.work;

import io.efirts.api.CallResult;
import io.efirts.api.RuntimeServices;
import io.efirts.pstore.quota.DumpQuota;
import io.efirts.pstore.quota.Eviction;
import io.efirts.pstore.read.CrashDump;
import io.efirts.pstore.read.CrashEraser;
import io.efirts.pstore.read.CrashRecord;
import io.efirts.pstore.read.CrashRecordReader;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dumps that are in the store: which numbers they have, and which have to go. In process
 * context; each method reads all records and blocks as long as that takes.
 */
public final class StoredDumps {
  private static final Logger LOG = LoggerFactory.getLogger(StoredDumps.class);

  private final RuntimeServices services;
  private final DumpQuota quota;
  private final CrashEraser eraser;

  /**
   * The dumps of a store.
   *
   * @param services make the calls
   * @param quota how much they may hold together
   */
  public StoredDumps(RuntimeServices services, DumpQuota quota) {
    this.services = services;
    this.quota = quota;
    eraser = new CrashEraser(services);
  }

  /**
   * A number for the next dump, such that none of its records has the name of one that is there: a
   * clock that starts in 1970 at every boot would bring back old names, and replace old records.
   *
   * @param nowSeconds the time by the clock that names records
   * @return 1 if no record is of this time or later, otherwise one more than their greatest number
   */
  public int firstNumber(long nowSeconds) {
    int greatest = 0;
    for (CrashRecord record : read()) {
      if (record.name().seconds() >= nowSeconds) {
        greatest = Math.max(greatest, record.name().count());
      }
    }
    return greatest + 1;
  }

  /**
   * Evicts the oldest dumps until the others are within the quota.
   *
   * @param noSpace whether a record found no room: then the oldest dump goes in any case, unless it
   *     is the only one
   */
  public void evict(boolean noSpace) {
    List<CrashDump> dumps = CrashDump.group(read());
    Eviction eviction = quota.evict(dumps, eraser);
    eviction.evicted().forEach(StoredDumps::tell);
    if (!eviction.result().isSuccess()) {
      LOG.warn("crash dumps could not be evicted: result={}", eviction.result());
    } else if (noSpace && eviction.evicted().isEmpty() && dumps.size() > 1) {
      CrashDump oldest = dumps.stream().min(CrashDump.OLDEST_FIRST).orElseThrow();
      CallResult result = eraser.erase(oldest);
      if (result.isSuccess()) {
        tell(oldest);
      }
    }
  }

  private List<CrashRecord> read() {
    return new CrashRecordReader(services, entry -> {}).readAll();
  }

  private static void tell(CrashDump dump) {
    LOG.info(
        "crash dump evicted: seconds={}, count={}, records={}",
        dump.seconds(),
        dump.count(),
        dump.parts().size());
  }
}
