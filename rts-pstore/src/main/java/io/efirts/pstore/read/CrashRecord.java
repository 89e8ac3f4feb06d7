// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.read;

import io.efirts.pstore.codec.PartInflater;
import io.efirts.pstore.format.RecordName;
import io.efirts.pstore.format.RecordType;
import java.util.Objects;

/**
 * One crash record as it is stored. Immutable; any thread may use it.
 *
 * <p>It holds the stored bytes only and decodes at each {@link #content}, so that records made to
 * grow when decoded take no more memory than others.
 */
public final class CrashRecord {
  /** How large a decoded record may be; Linux's are below 2 KiB. */
  public static final int TEXT_LIMIT_BYTES = 256 * 1024;

  private final RecordName name;
  private final byte[] stored;

  /**
   * A record.
   *
   * @param name the name of its variable
   * @param stored the value of its variable; copied
   */
  public CrashRecord(RecordName name, byte[] stored) {
    this.name = Objects.requireNonNull(name, "name");
    this.stored = Objects.requireNonNull(stored, "stored").clone();
  }

  /**
   * What the name says. Its {@link RecordName#text} is the variable's name as it is stored.
   *
   * @return the name
   */
  public RecordName name() {
    return name;
  }

  /**
   * The variable's value.
   *
   * @return a fresh copy
   */
  public byte[] stored() {
    return stored.clone();
  }

  /**
   * How much the record takes in its variable.
   *
   * @return size of the value in bytes
   */
  public int storedBytes() {
    return stored.length;
  }

  /**
   * What Linux shows of the record. It decodes kernel logs only; what it cannot decode it shows as
   * stored.
   *
   * @return the content; not decoded if the value is damaged, larger than {@link #TEXT_LIMIT_BYTES}
   *     when decoded, or compressed and no kernel log
   */
  public RecordContent content() {
    if (!name.compressed()) {
      return new RecordContent(name, stored, true);
    }
    if (name.type() != RecordType.DMESG.code()) {
      return new RecordContent(name, stored, false);
    }
    try (PartInflater inflater = new PartInflater(TEXT_LIMIT_BYTES)) {
      return inflater
          .inflate(stored)
          .map(text -> new RecordContent(name, text, true))
          .orElseGet(() -> new RecordContent(name, stored, false));
    }
  }

  @Override
  public String toString() {
    return name + " (" + stored.length + " bytes)";
  }
}
