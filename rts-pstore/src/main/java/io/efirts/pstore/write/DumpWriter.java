// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.write;

import io.efirts.pstore.codec.PartCompressor;
import io.efirts.pstore.format.DumpReason;
import io.efirts.pstore.format.PartHeader;
import io.efirts.pstore.log.KmsgSlice;
import io.efirts.pstore.log.KmsgSource;
import io.efirts.pstore.record.RecordBuffer;
import io.efirts.pstore.record.RecordCounts;
import io.efirts.pstore.report.RecordCounter;
import java.util.function.LongSupplier;

/**
 * Cuts a log into records, the newest part first, and hands each to a sink.
 *
 * <p>Has buffers and a compressor of its own, made beforehand: one thread at a time, in any state.
 * Nothing is allocated, logged or waited for.
 */
public final class DumpWriter implements AutoCloseable {
  /** The name's count has three digits in the record's number, its part two. */
  static final int COUNTS = 1000;

  private static final int MAX_PART = 99;
  private static final long MILLIS = 1000;

  /** The last second of the year 9999. */
  private static final long MAX_SECONDS = 253_402_300_799L;

  private final DumpSettings settings;
  private final LongSupplier wallClockMillis;
  private final RecordCounts counts;
  private final byte[] header = new byte[PartHeader.MAX_BYTES];
  private final byte[] text;
  private final KmsgSlice slice;
  private final RecordBuffer record;

  /** Null where records are stored plain. */
  private final PartCompressor compressor;

  /**
   * A writer.
   *
   * @param settings what dumps are like
   * @param wallClockMillis tells milliseconds since 1970; must not allocate, lock or throw
   * @param counts counts failures of the log's source
   */
  public DumpWriter(DumpSettings settings, LongSupplier wallClockMillis, RecordCounts counts) {
    this.settings = settings;
    this.wallClockMillis = wallClockMillis;
    this.counts = counts;
    int textBytes =
        settings.compress()
            ? PartCompressor.sourceBytes(settings.recordBytes())
            : settings.recordBytes();
    // The header is put directly before the text, whose place is known before its length.
    text = new byte[PartHeader.MAX_BYTES + textBytes];
    slice = new KmsgSlice(text, PartHeader.MAX_BYTES);
    record = new RecordBuffer(settings.recordBytes());
    compressor = settings.compress() ? new PartCompressor() : null;
  }

  /**
   * Writes a dump.
   *
   * @param reason why
   * @param dump its number, from 1
   * @param source the log
   * @param sink takes the records
   * @return how many of them it has written
   */
  public int write(DumpReason reason, int dump, KmsgSource source, RecordSink sink) {
    int written = 0;
    try {
      long position = source.end();
      int bytes = 0;
      for (int part = 1; part <= MAX_PART && bytes < settings.kmsgBytes(); part++) {
        int headerBytes = PartHeader.write(reason, dump, part, header, 0);
        if (!compose(source, position, headerBytes, part, dump)) {
          break;
        }
        bytes += record.length();
        position = slice.start();
        if (sink.take(record)) {
          written++;
        }
      }
    } catch (Throwable thrown) {
      // The embedder's source: what was written so far stays, and the crash goes on.
      counts.count(RecordCounter.FAILURES);
    }
    return written;
  }

  private boolean compose(KmsgSource source, long position, int headerBytes, int part, int dump) {
    if (compressor != null) {
      int length = text.length - PartHeader.MAX_BYTES - headerBytes;
      if (!readText(source, position, length, headerBytes)) {
        return false;
      }
      int compressed =
          compressor.compress(
              text,
              PartHeader.MAX_BYTES - headerBytes,
              headerBytes + slice.length(),
              record.content(),
              settings.recordBytes());
      if (compressed >= 0) {
        name(part, dump, true, compressed);
        return true;
      }
      // Less text then, so that none of it is lost: what is left out comes with the next part.
    }
    if (!readText(source, position, settings.recordBytes() - headerBytes, headerBytes)) {
      return false;
    }
    int plain = headerBytes + slice.length();
    System.arraycopy(text, PartHeader.MAX_BYTES - headerBytes, record.content(), 0, plain);
    name(part, dump, false, plain);
    return true;
  }

  private boolean readText(KmsgSource source, long position, int limit, int headerBytes) {
    slice.set(0, position);
    source.sliceBefore(position, limit, slice);
    if (slice.length() < 0 || slice.length() > limit) {
      counts.count(RecordCounter.FAILURES);
      return false;
    }
    System.arraycopy(header, 0, text, PartHeader.MAX_BYTES - headerBytes, headerBytes);
    return slice.length() != 0;
  }

  private void name(int part, int dump, boolean compressed, int length) {
    long seconds = Math.clamp(wallClockMillis.getAsLong() / MILLIS, 0, MAX_SECONDS);
    record.set(part, dump % COUNTS, seconds, compressed, length);
  }

  /** Gives the compressor's memory back. Not while a dump is being written. */
  @Override
  public void close() {
    if (compressor != null) {
      compressor.close();
    }
  }
}
