// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore;

import io.efirts.api.VariableReader;
import io.efirts.api.spi.NvStorage;
import io.efirts.dispatch.Dispatcher;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.storage.MemoryStorage;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvImageException;
import io.efirts.pstore.codec.PartInflater;
import io.efirts.pstore.format.CrashVariable;
import io.efirts.pstore.format.PartHeader;
import io.efirts.pstore.format.RecordName;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a machine finds in a variable store when it is started again. */
final class StoreContent {
  private static final int LARGEST_PART = 64 * 1024;

  private final Map<String, byte[]> others = new TreeMap<>();
  private final Map<RecordName, byte[]> records = new TreeMap<>(StoreContent::compare);

  private StoreContent() {}

  private static int compare(RecordName a, RecordName b) {
    return a.text().compareTo(b.text());
  }

  /** Reads a copy, so that reading changes nothing. */
  static StoreContent of(byte[] image) throws NvImageException {
    NvStorage copy = MemoryStorage.allocate(image.length);
    copy.write(0, MemorySegment.ofArray(image), 0, image.length);
    StoreContent content = new StoreContent();
    try (Dispatcher dispatcher =
        Dispatcher.builder()
            .firmware(ReferenceFirmware.builder(NvImage.of(copy)).build())
            .calls(1)
            .invoker()
            .start()) {
      VariableReader reader = new VariableReader(dispatcher.runtimeServices());
      while (reader.next().isSuccess()) {
        String name = reader.name();
        if (!reader.read(name, reader.guid()).isSuccess()) {
          throw new AssertionError("a variable that is listed must be readable: name=" + name);
        }
        content.add(name, reader.guid().equals(CrashVariable.GUID), reader.data());
      }
    }
    return content;
  }

  private void add(String name, boolean record, byte[] data) {
    if (record) {
      records.put(RecordName.parse(name), data);
    } else {
      others.put(name, data);
    }
  }

  static byte[] bytes(NvStorage storage) {
    return storage.content().toArray(ValueLayout.JAVA_BYTE);
  }

  /** Variables that are no crash records. */
  Map<String, byte[]> others() {
    return others;
  }

  /** All crash records. */
  Map<RecordName, byte[]> records() {
    return records;
  }

  /** The text of a dump, its oldest part first, after a look at each part's header. */
  String text(int dump, String reason) {
    SortedMap<Integer, String> parts = new TreeMap<>();
    records.forEach(
        (name, stored) -> {
          if (name.count() == dump) {
            parts.put(-name.part(), partText(name, stored, reason));
          }
        });
    return String.join("", parts.values());
  }

  /** Whether every record is a whole part of a log. */
  boolean areWholePartsOf(String log, int panic) {
    return records.entrySet().stream()
        .allMatch(
            record -> {
              String reason = record.getKey().count() == panic ? "Panic" : "Oops";
              return log.contains(partText(record.getKey(), record.getValue(), reason));
            });
  }

  private static String partText(RecordName name, byte[] stored, String reason) {
    byte[] text = stored;
    if (name.compressed()) {
      try (PartInflater inflater = new PartInflater(LARGEST_PART)) {
        text = inflater.inflate(stored).orElseThrow();
      }
    }
    PartHeader header = PartHeader.parse(text);
    if (header == null
        || header.dump() != name.count()
        || header.part() != name.part()
        || !header.title().equals(reason)) {
      throw new AssertionError("header must go with the name: name=" + name + ", got=" + header);
    }
    int length = text.length - header.lengthBytes();
    return new String(text, header.lengthBytes(), length, StandardCharsets.UTF_8);
  }

  /** Every variable with its value. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    others.forEach((name, value) -> append(text, name, value));
    records.forEach((name, value) -> append(text, name.text(), value));
    return text.toString();
  }

  private static void append(StringBuilder text, String name, byte[] value) {
    text.append(name).append('=').append(HexFormat.of().formatHex(value)).append('\n');
  }
}
