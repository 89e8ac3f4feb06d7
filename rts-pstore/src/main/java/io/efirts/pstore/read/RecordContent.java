// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.read;

import io.efirts.pstore.format.RecordId;
import io.efirts.pstore.format.RecordName;
import io.efirts.pstore.format.RecordType;

/** What Linux shows of a record as a file: its name and its bytes. Any thread may use it. */
public final class RecordContent {
  private static final String BACKEND = "-efi_pstore-";
  private static final String STILL_COMPRESSED = ".enc.z";

  private final RecordName name;
  private final byte[] bytes;
  private final boolean decoded;

  RecordContent(RecordName name, byte[] bytes, boolean decoded) {
    this.name = name;
    this.bytes = bytes;
    this.decoded = decoded;
  }

  /**
   * The text with its header line, or the stored bytes if they could not be decoded.
   *
   * @return a fresh copy
   */
  public byte[] bytes() {
    return bytes.clone();
  }

  /**
   * Whether the bytes are the text.
   *
   * @return false if the record is compressed and could not be decoded
   */
  public boolean isDecoded() {
    return decoded;
  }

  /**
   * The name Linux gives the file. Records whose {@linkplain RecordId ids} collide have the same.
   *
   * @return for example {@code dmesg-efi_pstore-179519894415001}, with {@code .enc.z} behind it if
   *     the bytes are not decoded
   */
  public String fileName() {
    return fileNameWith("");
  }

  /**
   * A name that no other record's file has: {@link #fileName} with the variable's name in it.
   *
   * @return for example {@code dmesg-efi_pstore-179519894415001-dump-type0-15-1-1795198944-C}
   */
  public String distinctFileName() {
    return fileNameWith("-" + name.text());
  }

  private String fileNameWith(String distinction) {
    return RecordType.prefixOf(name.type())
        + BACKEND
        + RecordId.text(name.id())
        + distinction
        + (decoded ? "" : STILL_COMPRESSED);
  }
}
