// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spi.NvStorage;
import io.efirts.api.spi.StorageException;
import io.efirts.firmware.storage.MemoryStorage;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A store with room for a few records, its ordinary writer, and a crash that takes it over. There
 * is one variable of interest; its values are so long that a torn one shows.
 */
final class RacingStore {
  static final long NONE = VariableStore.NONE;
  static final int ERASED_WORD = -1;

  private static final long STORE_BYTES = 512;
  private static final StoreLocation LOCATION =
      new StoreLocation(0, STORE_BYTES, RecordFormat.PLAIN, true);
  private static final MemorySegment VARIABLE = utf16('V');
  private static final MemorySegment DUMP = utf16('D');
  private static final MemorySegment OLD = value(1);
  private static final MemorySegment NEW = value(2);
  private static final int ATTRIBUTES = 7;

  final StorageLease lease;
  final VariableStore ordinary;
  private final CrashStore crash;
  private final NvStorage storage = MemoryStorage.allocate(STORE_BYTES);
  private String seen;
  private boolean dumped;

  RacingStore() {
    StoreHeader.format(storage, 0, STORE_BYTES, RecordFormat.PLAIN);
    lease = new StorageLease(storage);
    ordinary = new VariableStore(lease, LOCATION, null, null);
    crash = new CrashStore(lease, LOCATION, null);
  }

  /** With the variable at its old value. */
  static RacingStore withVariable() {
    RacingStore store = new RacingStore();
    put(store.ordinary, NONE, VARIABLE, OLD);
    return store;
  }

  private static MemorySegment utf16(char name) {
    return MemorySegment.ofArray(new byte[] {(byte) name, 0, 0, 0});
  }

  private static MemorySegment value(int mark) {
    byte[] bytes = new byte[24];
    Arrays.fill(bytes, (byte) mark);
    return MemorySegment.ofArray(bytes);
  }

  private static long put(
      VariableStore store, long current, MemorySegment name, MemorySegment data) {
    return store.put(current, name, name.byteSize(), 1, 2, ATTRIBUTES, data, data.byteSize());
  }

  /** The ordinary writer gives the variable its new value. */
  String writeNew() {
    return said(put(ordinary, variableIn(ordinary), VARIABLE, NEW));
  }

  String delete() {
    return said(ordinary.delete(variableIn(ordinary)));
  }

  private static String said(long status) {
    return status == EfiStatusCode.SUCCESS ? "written" : "refused";
  }

  /** A record of the new value with all but its commit; returns where it is. */
  long claim() {
    long record = ordinary.tail();
    RecordFormat format = RecordFormat.PLAIN;
    claimWord(record + RecordFormat.ATTRIBUTES_OFFSET, ATTRIBUTES);
    claimWord(record + format.nameSizeOffset(), (int) VARIABLE.byteSize());
    claimWord(record + format.dataSizeOffset(), (int) NEW.byteSize());
    claimWord(record, StoreWriter.HEADER_ONLY_WORD);
    MemorySegment guid = MemorySegment.ofArray(new long[] {1, 2});
    lease.write(record + format.guidOffset(), guid, 0, guid.byteSize());
    lease.write(record + format.headerBytes(), VARIABLE, 0, VARIABLE.byteSize());
    lease.write(record + format.headerBytes() + VARIABLE.byteSize(), NEW, 0, NEW.byteSize());
    return record;
  }

  private void claimWord(long offset, int value) {
    lease.compareAndSetWord(offset, ERASED_WORD, value);
  }

  /** One change by the ordinary writer's lease. */
  String change(long word, int expected, int replacement) {
    try {
      return lease.compareAndSetWord(word, expected, replacement) ? "written" : "refused";
    } catch (StorageException fenced) {
      return "refused";
    }
  }

  /** Takes the store over, reads the variable, and writes another one; returns the value read. */
  String takeOver() {
    crash.takeOver();
    seen = read(crash.store());
    dumped = put(crash.store(), NONE, DUMP, OLD) == EfiStatusCode.SUCCESS;
    return seen;
  }

  /** After the race: whether the bytes still say what the crash read and wrote. */
  String kept() {
    VariableStore after = new VariableStore(storage, LOCATION, null, null);
    try {
      RecordValidation.validate(
          StoreBytes.of(storage.content()),
          after.firstOffset(),
          after.end(),
          RecordFormat.PLAIN,
          STORE_BYTES);
    } catch (NvImageException damaged) {
      return "damaged";
    }
    if (!dumped || find(after, DUMP) == NONE) {
      return "dump lost";
    }
    return read(after).equals(seen) ? "kept" : "changed";
  }

  private static String read(VariableStore store) {
    long record = variableIn(store);
    if (record == NONE) {
      return "none";
    }
    if (holds(store, record, OLD)) {
      return "old";
    }
    return holds(store, record, NEW) ? "new" : "torn";
  }

  private static boolean holds(VariableStore store, long record, MemorySegment value) {
    long from = store.dataOffset(record);
    long to = from + store.dataBytes(record);
    return MemorySegment.mismatch(store.content(), from, to, value, 0, value.byteSize()) == -1;
  }

  private static long variableIn(VariableStore store) {
    return find(store, VARIABLE);
  }

  private static long find(VariableStore store, MemorySegment name) {
    return store.find(name, name.byteSize(), 1, 2, 0);
  }
}
