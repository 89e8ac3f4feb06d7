// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.record;

import io.efirts.api.CallResult;
import io.efirts.api.NonBlockingRuntimeServices;
import io.efirts.api.RuntimeServices;
import io.efirts.pstore.format.CrashVariable;
import io.efirts.pstore.format.RecordId;
import io.efirts.pstore.format.RecordNameBuffer;
import io.efirts.pstore.format.RecordType;
import java.lang.foreign.MemorySegment;

/** A record's name and content in memory of its own, made beforehand. One thread at a time. */
public final class RecordBuffer {
  private final RecordNameBuffer name = new RecordNameBuffer();
  private final byte[] content;
  private final MemorySegment segment;
  private int part;
  private int count;
  private long seconds;
  private boolean compressed;
  private int length;

  /**
   * An empty one.
   *
   * @param recordBytes how large the content can be
   */
  public RecordBuffer(int recordBytes) {
    content = new byte[recordBytes];
    segment = MemorySegment.ofArray(content);
  }

  /**
   * Names the record and says how long the content is, which is in {@link #content} already.
   *
   * @param newPart its part of the dump, from 1
   * @param newCount the dump's number
   * @param newSeconds when, in seconds since 1970
   * @param newCompressed whether the content is compressed
   * @param newLength its length in bytes
   */
  public void set(
      int newPart, int newCount, long newSeconds, boolean newCompressed, int newLength) {
    part = newPart;
    count = newCount;
    seconds = newSeconds;
    compressed = newCompressed;
    length = newLength;
    name.set(RecordType.DMESG.code(), part, count, seconds, compressed);
  }

  /**
   * Takes over what another one holds.
   *
   * @param source of the same size
   */
  public void copy(RecordBuffer source) {
    System.arraycopy(source.content, 0, content, 0, source.length);
    set(source.part, source.count, source.seconds, source.compressed, source.length);
  }

  /**
   * The variable's name.
   *
   * @return valid until the record is named again
   */
  public CharSequence name() {
    return name;
  }

  /**
   * The bytes, of which the first {@link #length()} count.
   *
   * @return always the same array
   */
  public byte[] content() {
    return content;
  }

  /**
   * How long the content is.
   *
   * @return bytes
   */
  public int length() {
    return length;
  }

  /**
   * Makes the record's SetVariable without waiting. Allocates nothing.
   *
   * @param services make the call, an emergency's too
   * @return the answer
   */
  public CallResult writeBy(NonBlockingRuntimeServices services) {
    return services.setVariable(
        name, CrashVariable.GUID, CrashVariable.ATTRIBUTES, length, segment);
  }

  /**
   * Makes the record's SetVariable by a queued call. Blocks and allocates; in process context.
   *
   * @param services make the call
   * @return the answer
   */
  public CallResult writeBy(RuntimeServices services) {
    return services.setVariable(
        name.toString(), CrashVariable.GUID, CrashVariable.ATTRIBUTES, length, segment);
  }

  /**
   * The record's number.
   *
   * @return its id
   */
  public long id() {
    return RecordId.of(seconds, part, count);
  }

  /**
   * Its part of the dump.
   *
   * @return from 1
   */
  public int part() {
    return part;
  }

  /**
   * The dump's number.
   *
   * @return as in the name
   */
  public int count() {
    return count;
  }

  /**
   * When it was made.
   *
   * @return seconds since 1970
   */
  public long seconds() {
    return seconds;
  }

  /**
   * Whether the content is compressed.
   *
   * @return as in the name
   */
  public boolean compressed() {
    return compressed;
  }
}
