// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spi.NvStorage;
import io.efirts.api.spi.StorageException;
import java.lang.foreign.MemorySegment;

/**
 * The commit protocol of a store: the numbered steps of the package description. Allocates nothing.
 *
 * <p>Every change of a state is a compare-and-set of the word that holds it; losing one means that
 * somebody else took the store over, and nothing more is written.
 *
 * <p>Longer than most files because the steps and what undoes them are one argument.
 */
final class StoreWriter {
  /** Header word of a claimed record: start mark, HEADER_ONLY, reserved byte 0. */
  static final int HEADER_ONLY_WORD = RecordFormat.START_ID | RecordState.HEADER_ONLY << 16;

  /** Header word of a claimed record that its writer, or its successor, gave up. */
  static final int GIVEN_UP_WORD = RecordFormat.START_ID | RecordState.TO_GIVEN_UP << 16;

  private static final int ADDED_WORD = RecordFormat.START_ID | RecordState.ADDED << 16;
  private static final int WORD_BYTES = Integer.BYTES;

  private static final long NONE = VariableStore.NONE;

  private final VariableStore store;
  private final NvStorage storage;
  private final RecordFormat format;
  private final RecordWords words;
  private final MemorySegment scratch = MemorySegment.ofArray(new long[8]);
  private final boolean writable;

  /** Not null until the image is formatted. */
  private ImageFormatter formatter;

  /** Not null until the previous owners have no effect any more. */
  private StoreTakeOver takeOver;

  /** Whether the tail was looked at, and interrupted records given up. */
  private boolean prepared;

  /** Whether the records found at the start are on stable storage. */
  private boolean settled;

  /** Headers and sizes below are on stable storage. */
  private long durableEnd;

  /** Words changed but not forced lie in this range. */
  private long pendingFrom;

  private long pendingEnd;
  private StorageException lastStorageFailure;

  StoreWriter(
      VariableStore store, boolean writable, ImageFormatter formatter, StoreTakeOver takeOver) {
    this.store = store;
    this.storage = store.storage();
    this.format = store.format();
    this.words = new RecordWords(storage, store.bytes());
    this.writable = writable && !storage.readOnly();
    this.formatter = formatter;
    this.takeOver = takeOver;
  }

  RecordWords words() {
    return words;
  }

  boolean writable() {
    return writable;
  }

  StorageException lastStorageFailure() {
    return lastStorageFailure;
  }

  void noteFailure(StorageException refused) {
    lastStorageFailure = refused;
  }

  long put(
      long current,
      MemorySegment name,
      long nameBytes,
      long guidLow,
      long guidHigh,
      int attributes,
      MemorySegment data,
      long dataBytes) {
    if (!writable) {
      return EfiStatusCode.WRITE_PROTECTED;
    }
    long record = NONE;
    try {
      long status = prepare();
      if (status != EfiStatusCode.SUCCESS) {
        return status;
      }
      long length = format.recordBytes(nameBytes, dataBytes);
      if (length > store.end() - store.tail()) {
        return EfiStatusCode.OUT_OF_RESOURCES;
      }
      if (!retireTwins(current) || !beginReplacing(current)) {
        return lostRace(NONE);
      }
      long claim = store.tail();
      if (!claim(claim, attributes, nameBytes, dataBytes)) {
        return lostRace(NONE);
      }
      record = claim;
      store.tail(record + length);
      writeBody(record, name, nameBytes, guidLow, guidHigh, data, dataBytes);
      forceUpTo(record + length, current);
      if (!storage.compareAndSetWord(record, HEADER_ONLY_WORD, ADDED_WORD)) {
        return lostRace(record);
      }
      storage.force(record, WORD_BYTES);
    } catch (StorageException refused) {
      return refuse(refused, record);
    }
    finishReplacing(current);
    return EfiStatusCode.SUCCESS;
  }

  long delete(long current) {
    if (!writable) {
      return EfiStatusCode.WRITE_PROTECTED;
    }
    long status;
    try {
      status = prepare();
    } catch (StorageException refused) {
      lastStorageFailure = refused;
      return EfiStatusCode.DEVICE_ERROR;
    }
    return status == EfiStatusCode.SUCCESS ? deletePrepared(current) : status;
  }

  private long deletePrepared(long current) {
    int before = words.at(current);
    try {
      if (!retireTwins(current)) {
        return lostRace(NONE);
      }
      // A replaced record that is in transition on the medium would be the value again.
      forcePending();
      if (!RecordState.isLive(store.state(current))
          || !words.mark(current, RecordState.TO_DELETED)) {
        return lostRace(NONE);
      }
      storage.force(current, WORD_BYTES);
      return EfiStatusCode.SUCCESS;
    } catch (StorageException refused) {
      lastStorageFailure = refused;
      // If the word cannot be restored either, the next commit must not come before it.
      durableEnd = Math.min(durableEnd, current);
      remember(current);
      restore(current, before);
      return EfiStatusCode.DEVICE_ERROR;
    }
  }

  /**
   * Before the first change: takes the store over, formats an empty image and settles what an
   * interrupted writer left.
   */
  private long prepare() {
    if (!takeOver()) {
      return EfiStatusCode.DEVICE_ERROR;
    }
    if (formatter != null) {
      formatter.format(storage);
      formatter = null;
      store.rescan();
    }
    if (prepared) {
      return EfiStatusCode.SUCCESS;
    }
    if (!giveUpInterruptedHeaders()) {
      return EfiStatusCode.DEVICE_ERROR;
    }
    store.rescan(); // a change that was lost to a successor may have been followed by its records
    switch (Tail.of(store.bytes(), store.tail(), store.end(), format)) {
      case CLEAN -> {}
      case CLAIMED -> {
        if (!completeClaim(store.tail())) {
          return EfiStatusCode.DEVICE_ERROR;
        }
      }
      case DIRTY -> {
        return EfiStatusCode.OUT_OF_RESOURCES;
      }
    }
    if (!settled) {
      settle();
    }
    prepared = true;
    return EfiStatusCode.SUCCESS;
  }

  /**
   * Takes the store from writers that may be stopped anywhere, unless that was done.
   *
   * @return false if one of them was stopped while it formatted the image: its next bytes may come
   *     at any time, so nothing may be written
   */
  boolean takeOver() {
    if (takeOver == null) {
      return true;
    }
    takeOver.revoke();
    if (formatter != null && formatter.isFormatted(store.bytes())) {
      formatter = null;
    }
    if (formatter == null) {
      store.rescan();
      if (writable) {
        takeOver.settle(store, this);
        settle();
      }
    } else if (takeOver.isChangeUnderWay()) {
      return false;
    }
    takeOver = null;
    return true;
  }

  /**
   * Whoever wrote the records before, or the headers in front of them, may have died before forcing
   * them.
   */
  private void settle() {
    storage.force(0, store.tail());
    durableEnd = store.tail();
    settled = true;
  }

  /**
   * EDK2 does not step over the body of a record whose state says that its header was never
   * finished: with a state it does.
   */
  private boolean giveUpInterruptedHeaders() {
    for (long record = store.first(); record != NONE; record = store.next(record)) {
      boolean interrupted = store.state(record) == RecordState.ERASED;
      boolean hasBody =
          interrupted
              && RecordWalk.next(store.bytes(), record, store.end(), format)
                  != record + format.headerBytes();
      if (hasBody && !words.mark(record, RecordState.TO_GIVEN_UP)) {
        return false;
      }
    }
    return true;
  }

  /** Makes a record that is given up out of words that claimed one. */
  boolean completeClaim(long record) {
    boolean complete =
        words.zeroIfErased(record + RecordFormat.ATTRIBUTES_OFFSET)
            && words.zeroIfErased(record + format.nameSizeOffset())
            && words.zeroIfErased(record + format.dataSizeOffset());
    if (!complete) {
      return false;
    }
    if (!storage.compareAndSetWord(record, words.at(record), GIVEN_UP_WORD)) {
      return false;
    }
    store.rescan();
    return true;
  }

  /** Deletes every other live record of the same variable for good. */
  private boolean retireTwins(long current) {
    if (current == NONE) {
      return true;
    }
    boolean found = false;
    for (long record = store.first(); record != NONE; record = store.next(record)) {
      if (record != current
          && RecordState.isLive(store.state(record))
          && store.isSameVariable(record, current)) {
        if (!found) {
          // After a failed force the value itself may not be durable: its twin still stands in.
          storage.force(current, WORD_BYTES);
          found = true;
        }
        remember(record);
        if (!words.mark(record, RecordState.TO_DELETED)) {
          return false;
        }
      }
    }
    if (found) {
      forcePending();
    }
    return true;
  }

  private boolean beginReplacing(long current) {
    return current == NONE
        || (RecordState.isLive(store.state(current))
            && words.mark(current, RecordState.TO_TRANSITION));
  }

  private boolean claim(long record, int attributes, long nameBytes, long dataBytes) {
    prepared = false; // an interrupted claim must be completed before the next one
    boolean claimed =
        words.claim(record + RecordFormat.ATTRIBUTES_OFFSET, attributes)
            && words.claim(record + format.nameSizeOffset(), (int) nameBytes)
            && words.claim(record + format.dataSizeOffset(), (int) dataBytes)
            && words.claim(record, HEADER_ONLY_WORD);
    prepared = claimed;
    return claimed;
  }

  private void writeBody(
      long record,
      MemorySegment name,
      long nameBytes,
      long guidLow,
      long guidHigh,
      MemorySegment data,
      long dataBytes) {
    int unused = format.nameSizeOffset() - RecordFormat.AUTHENTICATION_OFFSET;
    if (unused > 0) {
      scratch.fill((byte) 0);
      storage.write(record + RecordFormat.AUTHENTICATION_OFFSET, scratch, 0, unused);
    }
    LittleEndian.putLong(scratch, 0, guidLow);
    LittleEndian.putLong(scratch, Long.BYTES, guidHigh);
    storage.write(record + format.guidOffset(), scratch, 0, 2 * Long.BYTES);
    storage.write(record + format.headerBytes(), name, 0, nameBytes);
    storage.write(record + format.headerBytes() + nameBytes, data, 0, dataBytes);
  }

  private void forceUpTo(long newEnd, long current) {
    long from = current == NONE ? durableEnd : Math.min(current, durableEnd);
    storage.force(from, newEnd - from);
    durableEnd = newEnd;
    if (from <= pendingFrom) {
      pendingFrom = newEnd;
      pendingEnd = newEnd;
    }
  }

  private void finishReplacing(long current) {
    if (current == NONE) {
      return;
    }
    try {
      // Whoever won this word instead left the record deleted or in transition: both are right.
      words.mark(current, RecordState.TO_DELETED);
    } catch (StorageException refused) {
      // The new value is durable and outranks the old record in any state.
      lastStorageFailure = refused;
    }
    remember(current);
  }

  private void remember(long record) {
    boolean none = pendingFrom == pendingEnd;
    pendingFrom = none ? record : Math.min(pendingFrom, record);
    pendingEnd = none ? record + WORD_BYTES : Math.max(pendingEnd, record + WORD_BYTES);
  }

  private void forcePending() {
    if (pendingFrom < pendingEnd) {
      storage.force(pendingFrom, pendingEnd - pendingFrom);
      pendingFrom = pendingEnd;
    }
  }

  private long refuse(StorageException refused, long record) {
    lastStorageFailure = refused;
    try {
      return lostRace(record);
    } catch (StorageException again) {
      // A record that is only claimed stays invisible in that state too.
      lastStorageFailure = again;
      return EfiStatusCode.DEVICE_ERROR;
    }
  }

  /** Gives up the new record, if there is one; the old one is found in transition as before. */
  private long lostRace(long record) {
    store.rescan();
    if (record != NONE) {
      durableEnd = Math.min(durableEnd, record);
      remember(record);
      words.mark(record, RecordState.TO_DELETED);
    }
    return EfiStatusCode.DEVICE_ERROR;
  }

  private void restore(long current, int before) {
    try {
      int now = words.at(current);
      if (now != before) {
        storage.compareAndSetWord(current, now, before);
      }
    } catch (StorageException again) {
      lastStorageFailure = again;
    }
  }
}
