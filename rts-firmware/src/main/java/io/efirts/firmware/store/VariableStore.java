// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spi.NvStorage;
import io.efirts.api.spi.StorageException;
import java.lang.foreign.MemorySegment;

/**
 * The records of one variable store, addressed by their offset in the storage: a flyweight, there
 * is no object per record. The same class serves the non-volatile store of an {@link NvImage} and
 * the volatile store in memory.
 *
 * <p>A name is looked up as EDK2 does: the first ADDED record with that name and GUID, else the
 * last one IN_DELETED_TRANSITION. Such a record is called visible. Names are UTF-16LE with their
 * NUL, GUIDs are the two longs of {@link EfiGuid}.
 *
 * <p>Used by one thread at a time. Reading neither blocks nor throws, whatever the bytes are, as
 * long as the storage is open; changing blocks while the storage forces. Nothing allocates but
 * {@link #name}, {@link #guid} and {@link #data}. Why changes survive a power cut is told in the
 * package description.
 */
public final class VariableStore extends RecordFields {
  /** No record. */
  public static final long NONE = -1;

  /** Size of the header in front of the records, in bytes. */
  public static final int HEADER_BYTES = 28;

  private final NvStorage storage;
  private final long first;
  private final long end;
  private final StoreWriter writer;
  private long tail;

  /**
   * A store whose records were validated.
   *
   * @param storage the owner's way to the bytes
   * @param location where the store is
   * @param formatter formats the image before its first change; null if it is formatted
   * @param takeOver takes the store from its previous owners before the first change; null if
   *     nobody else can be in the middle of one
   */
  VariableStore(
      NvStorage storage, StoreLocation location, ImageFormatter formatter, StoreTakeOver takeOver) {
    super(StoreBytes.of(storage), location.format());
    this.storage = storage;
    this.first = location.offset() + HEADER_BYTES;
    this.end = location.offset() + location.sizeBytes();
    this.tail = formatter == null ? findTail() : first;
    this.writer = new StoreWriter(this, location.writable(), formatter, takeOver);
  }

  /**
   * An empty store in memory with its own header, for volatile variables.
   *
   * @param storage where; its whole size becomes the store, its content is overwritten
   * @return a store of authenticated-format records
   */
  public static VariableStore inMemory(NvStorage storage) {
    long size = storage.sizeBytes();
    StoreHeader.format(storage, 0, size, RecordFormat.AUTHENTICATED);
    return new VariableStore(
        storage, new StoreLocation(0, size, RecordFormat.AUTHENTICATED, true), null, null);
  }

  /**
   * Whether changes are allowed.
   *
   * @return false for a read-only storage or an image that was not fully understood
   */
  public boolean writable() {
    return writer.writable();
  }

  /**
   * Why the last change failed, if the storage was the reason.
   *
   * @return what the storage threw last, or null
   */
  public StorageException lastStorageFailure() {
    return writer.lastStorageFailure();
  }

  /**
   * The first record, in any state.
   *
   * @return its offset, or {@link #NONE}
   */
  public long first() {
    return orNone(first);
  }

  /**
   * The record behind another, in any state.
   *
   * @param record a record of this store
   * @return its offset, or {@link #NONE}
   */
  public long next(long record) {
    long next = RecordWalk.next(bytes(), record, end, format());
    return next == RecordWalk.STOP ? NONE : orNone(next);
  }

  private long orNone(long offset) {
    // The bytes are asked first: where the last record ends is no secret that only Java keeps.
    return RecordWalk.isRecord(bytes(), offset, end, format()) && offset < tail ? offset : NONE;
  }

  /**
   * Finds the visible record of a name.
   *
   * @param name holds the name
   * @param nameBytes size of the name with its NUL, at the start of {@code name}
   * @param guidLow wire bytes 0 to 7 of the GUID
   * @param guidHigh wire bytes 8 to 15 of the GUID
   * @param requiredAttributes records without all of these bits do not exist for this search
   * @return the record, or {@link #NONE}
   */
  public long find(
      MemorySegment name, long nameBytes, long guidLow, long guidHigh, int requiredAttributes) {
    return find(name, 0, nameBytes, guidLow, guidHigh, requiredAttributes);
  }

  private long find(
      MemorySegment name,
      long nameOffset,
      long nameBytes,
      long guidLow,
      long guidHigh,
      int requiredAttributes) {
    long inTransition = NONE;
    for (long record = first(); record != NONE; record = next(record)) {
      int state = state(record);
      if (RecordState.isLive(state)
          && (attributes(record) & requiredAttributes) == requiredAttributes
          && isNamed(record, name, nameOffset, nameBytes, guidLow, guidHigh)) {
        if (state == RecordState.ADDED) {
          return record;
        }
        inTransition = record;
      }
    }
    return inTransition;
  }

  /**
   * The first visible record behind another, in store order.
   *
   * @param record a record of this store, or {@link #NONE} to start
   * @param requiredAttributes records without all of these bits do not exist for this walk
   * @return the record, or {@link #NONE}
   */
  public long nextVisible(long record, int requiredAttributes) {
    long next = record == NONE ? first() : next(record);
    while (next != NONE && !isVisible(next, requiredAttributes)) {
      next = next(next);
    }
    return next;
  }

  // Also hides the second of two ADDED twins: a damaged image must not make an enumeration circle.
  private boolean isVisible(long record, int requiredAttributes) {
    return RecordState.isLive(state(record))
        && (attributes(record) & requiredAttributes) == requiredAttributes
        && findTwinOf(record, requiredAttributes) == record;
  }

  /** The visible record with the name of another one. */
  long findTwinOf(long record, int requiredAttributes) {
    long name = nameOffset(record);
    long nameBytes = nameBytes(record);
    return find(
        reach(name, nameBytes),
        name,
        nameBytes,
        guidLow(record),
        guidHigh(record),
        requiredAttributes);
  }

  /** Whether two records have the same name and GUID. */
  boolean isSameVariable(long record, long other) {
    long name = nameOffset(other);
    long nameBytes = nameBytes(other);
    return isNamed(
        record, reach(name, nameBytes), name, nameBytes, guidLow(other), guidHigh(other));
  }

  private boolean isNamed(
      long record, MemorySegment name, long offset, long nameBytes, long guidLow, long guidHigh) {
    long own = nameOffset(record);
    return nameBytes(record) == nameBytes
        && guidLow(record) == guidLow
        && guidHigh(record) == guidHigh
        && MemorySegment.mismatch(
                reach(own, nameBytes), own, own + nameBytes, name, offset, offset + nameBytes)
            == -1;
  }

  /**
   * Room for records, used or not.
   *
   * @return bytes: the store without its header
   */
  public long capacityBytes() {
    return end - first;
  }

  /**
   * Room behind the last record. What dead records take is lost until the store is reclaimed.
   *
   * @return bytes
   */
  public long freeBytes() {
    return end - tail;
  }

  /**
   * Room taken by records that a reclaim would keep: ADDED ones, and those in transition without an
   * ADDED twin. Hardware error records have a quota of their own and are not counted.
   *
   * @return bytes
   */
  public long liveBytes() {
    return StoreUsage.liveBytes(this);
  }

  /**
   * Room taken by all records, dead ones too, hardware error records excepted.
   *
   * @return bytes
   */
  public long occupiedBytes() {
    return StoreUsage.occupiedBytes(this);
  }

  /**
   * Creates a variable, or replaces the value of one. On any status but success the store reads as
   * before.
   *
   * @param current the visible record to replace, or {@link #NONE} if the name has none
   * @param name holds the name
   * @param nameBytes size of the name with its NUL
   * @param guidLow wire bytes 0 to 7 of the GUID
   * @param guidHigh wire bytes 8 to 15 of the GUID
   * @param attributes what to store
   * @param data holds the data
   * @param dataBytes size of the data
   * @return SUCCESS: durable; OUT_OF_RESOURCES: no room behind the last record, or what is there is
   *     neither erased nor a record; WRITE_PROTECTED: not writable; DEVICE_ERROR: the storage
   *     failed or another writer took over
   */
  public long put(
      long current,
      MemorySegment name,
      long nameBytes,
      long guidLow,
      long guidHigh,
      int attributes,
      MemorySegment data,
      long dataBytes) {
    return writer.put(current, name, nameBytes, guidLow, guidHigh, attributes, data, dataBytes);
  }

  /**
   * Deletes a variable. On any status but success the store reads as before.
   *
   * @param current its visible record
   * @return as {@link #put}
   * @see EfiStatusCode
   */
  public long delete(long current) {
    return writer.delete(current);
  }

  /**
   * Makes sure that the previous owners of the storage have no effect any more.
   *
   * @return false if one of them was stopped while it formatted the image
   */
  boolean takeOver() {
    return writer.takeOver();
  }

  void noteFailure(StorageException refused) {
    writer.noteFailure(refused);
  }

  NvStorage storage() {
    return storage;
  }

  long end() {
    return end;
  }

  long firstOffset() {
    return first;
  }

  long tail() {
    return tail;
  }

  /** Finds the tail again, after the writer appended or lost a race. */
  void rescan() {
    tail = findTail();
  }

  /** Tells that the last record now ends at this offset. */
  void tail(long newTail) {
    tail = newTail;
  }

  private long findTail() {
    long offset = first;
    while (RecordWalk.isRecord(bytes(), offset, end, format())) {
      long next = RecordWalk.next(bytes(), offset, end, format());
      if (next == RecordWalk.STOP) {
        return offset;
      }
      offset = next;
    }
    return Math.min(offset, end);
  }
}
