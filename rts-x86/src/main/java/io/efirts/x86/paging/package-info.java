// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
/**
 * Page tables as x86 processors walk them: bytes in frames of guest memory.
 *
 * <p>Place in the data path: below every access of a firmware that runs in an x86 context. {@link
 * io.efirts.x86.paging.PageTables} is the address space; {@link io.efirts.x86.paging.PagingMode}
 * says how many levels it has, {@link io.efirts.x86.paging.EntryBits} what its entries are made of,
 * {@link io.efirts.x86.paging.PatTypes} how memory types are told, and {@link
 * io.efirts.x86.paging.PageFault} why an access failed.
 *
 * <p>The embedder gives frames ({@link io.efirts.api.paging.FrameAllocator}) and reaches the
 * processors ({@link io.efirts.x86.paging.TlbFlush}). A host's mappings are taken over by copying
 * entries ({@link io.efirts.x86.paging.SharedEntries}), or followed at every entry ({@link
 * io.efirts.x86.paging.MirroredEntries}).
 *
 * <p>A change is planned before it is made: {@code MapRange}, {@code EditRange} and {@code
 * SharedEntries} look at every entry they are going to touch, then obtain all frames, then store.
 * Tables, not pages, are counted from level 1 upwards; the root has the highest level.
 */
package io.efirts.x86.paging;
