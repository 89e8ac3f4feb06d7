// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.read;

import io.efirts.api.CallResult;
import io.efirts.api.Outcome;
import io.efirts.api.RuntimeServices;
import io.efirts.api.VariableReader;
import io.efirts.api.spec.EfiStatus;
import io.efirts.pstore.format.CrashVariable;
import io.efirts.pstore.format.RecordName;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * One walk over the crash records of a store, in its order. Unlike Linux's, it does not end at a
 * variable that is no record: it reports it and goes on.
 *
 * <p>Used by one thread at a time. Blocks like the {@link RuntimeServices} it calls. Erasing while
 * it walks makes the rest of the walk unpredictable (UEFI 8.2.2); collect first. Holds at most the
 * names firmware has returned, which {@link VariableReader} bounds, and one value.
 */
public final class CrashRecordReader {
  /** The largest record where nothing else is said, in bytes. */
  public static final int DEFAULT_RECORD_LIMIT_BYTES = VariableReader.DEFAULT_MAXIMUM_BYTES;

  /** How many variables under the crash records' GUID are looked at. */
  public static final int ENTRY_LIMIT = 65_536;

  /** How many bytes the records of one walk may hold together, as stored. */
  public static final int TOTAL_LIMIT_BYTES = 64 << 20;

  private final VariableReader walk;
  private final VariableReader values;
  private final Consumer<? super SkippedEntry> skipped;
  private int entries;
  private long totalBytes;
  private int foreignVariables;
  private ReadEnd end;

  /**
   * A reader with {@link #DEFAULT_RECORD_LIMIT_BYTES}.
   *
   * @param services what to call
   * @param skipped told of each entry that is passed over, by the thread that reads
   */
  public CrashRecordReader(RuntimeServices services, Consumer<? super SkippedEntry> skipped) {
    this(services, DEFAULT_RECORD_LIMIT_BYTES, skipped);
  }

  /**
   * A reader.
   *
   * @param services what to call
   * @param recordLimitBytes how large a record may be as stored; at least 2 and not above the room
   *     for one call
   * @param skipped told of each entry that is passed over, by the thread that reads
   * @throws IllegalArgumentException if the limit is less
   */
  public CrashRecordReader(
      RuntimeServices services, int recordLimitBytes, Consumer<? super SkippedEntry> skipped) {
    if (recordLimitBytes < Character.BYTES) {
      throw new IllegalArgumentException(
          "recordLimitBytes must be at least 2: recordLimitBytes=" + recordLimitBytes);
    }
    this.skipped = Objects.requireNonNull(skipped, "skipped");
    // Names of other variables may be longer than a record.
    walk =
        new VariableReader(
            services, Math.max(recordLimitBytes, VariableReader.DEFAULT_MAXIMUM_BYTES));
    values = new VariableReader(services, recordLimitBytes);
  }

  /**
   * Steps to the next record.
   *
   * @return the record; null at the end, which {@link #end} tells more of
   */
  public CrashRecord next() {
    CrashRecord record = null;
    while (record == null && end == null) {
      CallResult step = walk.next();
      if (!step.isSuccess()) {
        end = new ReadEnd(causeOf(step), step);
      } else if (!walk.guid().equals(CrashVariable.GUID)) {
        foreignVariables++;
      } else if (entries == ENTRY_LIMIT) {
        end = new ReadEnd(ReadEnd.Cause.TOO_MANY_ENTRIES, step);
      } else {
        entries++;
        record = read(walk.name(), step);
      }
    }
    return record;
  }

  /**
   * Steps to the end and keeps all records.
   *
   * @return those not stepped to before; at most {@link #ENTRY_LIMIT}, with at most {@link
   *     #TOTAL_LIMIT_BYTES} bytes
   */
  public List<CrashRecord> readAll() {
    List<CrashRecord> records = new ArrayList<>();
    for (CrashRecord record = next(); record != null; record = next()) {
      records.add(record);
    }
    return records;
  }

  /**
   * How the walk ended.
   *
   * @return null until {@link #next} has returned null
   */
  public ReadEnd end() {
    return end;
  }

  /**
   * How many variables of other namespaces were passed over.
   *
   * @return so far
   */
  public int foreignVariables() {
    return foreignVariables;
  }

  private ReadEnd.Cause causeOf(CallResult step) {
    if (walk.isAstray()) {
      return ReadEnd.Cause.ASTRAY;
    }
    boolean completed = step.outcome() == Outcome.COMPLETED;
    return completed && step.status().equals(EfiStatus.NOT_FOUND)
        ? ReadEnd.Cause.COMPLETE
        : ReadEnd.Cause.SERVICE_FAILED;
  }

  private CrashRecord read(String name, CallResult step) {
    RecordName parsed = RecordName.parse(name);
    if (parsed == null) {
      return skip(name, SkipReason.MALFORMED_NAME, 0, step);
    }
    CallResult result = values.read(name, CrashVariable.GUID);
    if (result.isSuccess()) {
      return keep(new CrashRecord(parsed, values.data()), result);
    }
    if (result.outcome() != Outcome.COMPLETED) {
      end = new ReadEnd(ReadEnd.Cause.SERVICE_FAILED, result);
      return null;
    }
    return result.status().equals(EfiStatus.BUFFER_TOO_SMALL)
        ? skip(name, SkipReason.TOO_LARGE, values.dataSize(), result)
        : skip(name, SkipReason.UNREADABLE, 0, result);
  }

  private CrashRecord keep(CrashRecord record, CallResult result) {
    totalBytes += record.storedBytes();
    if (totalBytes > TOTAL_LIMIT_BYTES) {
      end = new ReadEnd(ReadEnd.Cause.TOO_MANY_BYTES, result);
      return null;
    }
    return record;
  }

  private CrashRecord skip(String name, SkipReason reason, long sizeBytes, CallResult result) {
    skipped.accept(new SkippedEntry(name, CrashVariable.GUID, reason, sizeBytes, result));
    return null;
  }
}
